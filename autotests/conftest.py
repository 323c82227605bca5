"""Lets `pytest autotests` run the hidden graders in process. The judge does not read this file."""

pytest_plugins = ("grader.judge.authoring",)
