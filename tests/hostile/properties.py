"""What must hold, and the tests that try to break it. `docs/threat-model.md` says it in prose.

Where the design narrows a property of the first threat model, the text is the narrower one.
"""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class Property:
    """One promise, and its tests as `file::function`."""

    id: str
    text: str
    tests: tuple[str, ...]


def _property(id_: str, text: str, *tests: str) -> Property:
    return Property(id=id_, text=text, tests=tests)


_CORPUS = "tests/hostile/test_hostile.py::test_as_declared"

PROPERTIES = (
    _property(
        "P1",
        "No hidden test, oracle, reference, quiz key, seed, record or other student's work is in the memory, "
        "files, environment, arguments or descriptors of a student's process.",
        "tests/hostile/test_secrets.py::test_no_secret_is_in_the_memory_of_a_child",
        "tests/hostile/test_secrets.py::test_no_secret_is_seen_from_outside_either",
        "tests/hostile/test_secrets.py::test_what_surrounds_a_child",
        "tests/hostile/test_secrets.py::test_what_a_child_has_open",
        "tests/hostile/test_secrets.py::test_no_secret_reaches_a_page_or_a_record_of_the_student",
        "tests/worker/test_warm.py::test_no_hidden_room_is_loaded",
        _CORPUS,
    ),
    _property(
        "P2",
        "Points are decided by the judge's comparison of plain data. Exit code, output, kind of exception, "
        "timing and files never add any.",
        _CORPUS,
        "tests/hostile/test_fixture.py::test_nothing_earns_nothing",
        "tests/hostile/test_protocol.py::test_a_peer_that_says_anything_never_scores",
        "tests/judge/test_score.py::test_verdicts",
    ),
    _property(
        "P3",
        "The wire is a closed table of plain types; every cap is checked before anything is allocated; "
        "nothing unpickles.",
        "tests/wire/test_decoder.py::test_refusals",
        "tests/wire/test_decoder.py::test_announced_but_absent_bytes_allocate_nothing",
        "tests/wire/test_channel.py::test_an_announced_length_allocates_nothing",
        "tests/wire/test_mutated_frames.py::test_a_hundred_thousand_damaged_frames",
        "tests/test_layers.py::test_nothing_unpickles",
    ),
    _property(
        "P4",
        "Fail closed: silence, death, a repeated or a late reply fail the test; every collected test has a "
        "result; a fault of ours withholds the score.",
        "tests/hostile/test_protocol.py::test_a_breach_at_any_step",
        "tests/judge/test_engine_failures.py::test_a_judge_that_always_dies",
        "tests/judge/test_engine_failures.py::test_a_test_that_raises",
        "tests/cli/test_roads.py::test_a_broken_test_withholds_the_score",
        "tests/system/test_faults_of_ours.py::test_records_that_are_taken_or_fill_up_in_the_middle",
        _CORPUS,
    ),
    _property(
        "P5",
        "No submission can end, hang or corrupt the judge; honest work beside it is judged right.",
        _CORPUS,
        "tests/hostile/test_hostile.py::test_neither_order_nor_workers_matter",
        "tests/hostile/test_hostile.py::test_the_judge_does_not_grow",
        "tests/system/test_killed_grading.py::test_random_kills_of_random_processes",
    ),
    _property(
        "P6",
        "A student's process can neither trace, signal, slow, limit nor start another one. (No namespace of "
        "its own is promised: that is a second layer, where the machine offers it.)",
        "tests/sandbox/test_wall.py::test_what_is_refused",
        "tests/sandbox/test_wall.py::test_not_dumpable",
        "tests/sandbox/test_namespaces.py::test_no_process_of_the_host",
        _CORPUS,
    ),
    _property(
        "P7",
        "It reads Python and the system's libraries and writes no file. The trusted side opens nothing that "
        "a student could have put there but regular files, following no link.",
        "tests/sandbox/test_wall.py::test_what_is_refused",
        "tests/sandbox/test_wall.py::test_landlock_alone",
        "tests/sandbox/test_namespaces.py::test_no_file_of_the_host",
        "tests/sandbox/test_seccomp.py::test_readable_paths_exist_and_hold_no_home",
        "tests/collect/test_sources.py::test_walks_around_traps_in_a_folder",
        "tests/hostile/test_hostile.py::test_nothing_is_left",
    ),
    _property(
        "P8",
        "It makes no socket of any kind.",
        "tests/hostile/test_hostile.py::test_nobody_is_called",
        "tests/sandbox/test_wall.py::test_what_is_refused",
        "tests/sandbox/test_wall.py::test_seccomp_alone",
        "tests/sandbox/test_namespaces.py::test_no_network_of_the_host",
        _CORPUS,
    ),
    _property(
        "P9",
        "Memory, processor time, time, descriptors, file size, output, replies and callbacks are bounded; "
        "each bound has its verdict.",
        _CORPUS,
        "tests/sandbox/test_wall.py::test_limits",
        "tests/judge/test_limits.py::test_a_flood_of_output",
        "tests/hostile/test_found.py::test_a_test_may_not_be_filled_with_megabytes",
        "tests/judge/test_engine_failures.py::test_a_submission_that_takes_too_long_in_all",
    ),
    _property(
        "P10",
        "After a run no process, file, shared memory or descriptor of a student is left.",
        "tests/hostile/test_hostile.py::test_nothing_is_left",
        "tests/hostile/test_hostile.py::test_a_killed_judge_takes_everybody_along",
        "tests/judge/test_engine_failures.py::test_nothing_is_left_behind",
        "tests/judge/test_limits.py::test_a_stopped_fork_server_leaves_no_process",
    ),
    _property(
        "P11",
        "What one submission does changes neither verdict nor score of the next, or of one beside it.",
        "tests/hostile/test_hostile.py::test_neither_order_nor_workers_matter",
        "tests/judge/test_limits.py::test_nothing_of_one_child_reaches_the_next",
        "tests/judge/test_engine.py::test_the_same_again",
        _CORPUS,
    ),
    _property(
        "P12",
        "No new privileges, no capabilities, seccomp on, not root where others can read Python, no terminal.",
        "tests/sandbox/test_wall.py::test_the_status_seen_from_outside",
        "tests/sandbox/test_wall.py::test_root_becomes_nobody",
        "tests/hostile/test_secrets.py::test_what_a_child_has_open",
        "tests/sandbox/test_seccomp.py::test_nothing_dangerous_is_allowed",
    ),
    _property(
        "P13",
        "A student's text is cut, made visible and escaped wherever it is shown; no hidden value is in what "
        "a student reads.",
        "tests/system/test_messages.py::test_no_page_obeys",
        "tests/system/test_messages.py::test_json_says_all_and_does_nothing",
        "tests/system/test_messages.py::test_names_of_files_do_not_act_either",
        "tests/report/test_html.py::test_hostile_text_is_text",
        "tests/report/test_html.py::test_a_page_is_sound_and_loads_nothing",
        "tests/report/test_text.py::test_no_control_character_of_a_student_reaches_the_terminal",
        "tests/report/test_view.py::test_a_student_never_sees_evidence_names_of_tests_or_other_students",
        "tests/judge/test_engine.py::test_hidden_source_stays_hidden",
        "tests/judge/test_assertions.py::test_the_expected_values_stay_hidden",
    ),
    _property(
        "P14",
        "Archives are read in memory by our own strict reader, with caps on the bytes that come out; "
        "notebooks by a process of their own, which runs nothing of them; what is odd is refused with a "
        "reason and the rest goes on.",
        "tests/collect/test_hostile_archives.py::test_each_has_its_reason_and_the_rest_goes_on",
        "tests/collect/test_archive.py::test_refuses_an_odd_member",
        "tests/collect/test_archive.py::test_a_bomb_is_noticed_before_it_has_grown",
        "tests/collect/test_zipformat.py::test_refuses_an_odd_structure",
        "tests/collect/test_inbox.py::test_bad_ones_are_refused_one_by_one",
        "tests/collect/test_notebook.py::test_a_large_notebook_costs_little",
        "tests/collect/test_definitions.py::test_what_comes_out_compiles",
        "tests/cli/test_bad_input.py::test_what_cannot_be_collected_is_named_and_the_rest_goes_on",
    ),
    _property(
        "P15",
        "Nothing of a student is ever imported, or read as a setting, by a trusted process.",
        "tests/hostile/test_secrets.py::test_no_trap_was_sprung",
        "tests/judge/test_engine_failures.py::test_the_user_s_own_pytest_settings",
        "tests/worker/test_load.py::test_only_python_files_are_modules",
    ),
    _property(
        "P16",
        "Without the whole wall `grade` refuses; `--sandbox none` must be spelled out, warns and marks.",
        "tests/sandbox/test_confine.py::test_required_without_landlock",
        "tests/sandbox/test_confine.py::test_required_without_seccomp",
        "tests/sandbox/test_wall.py::test_a_layer_that_only_pretends",
        "tests/judge/test_child.py::test_a_wall_that_did_not_go_up",
        "tests/cli/test_main.py::test_a_machine_without_the_wall",
        "tests/cli/test_roads.py::test_grading_without_a_wall_must_be_spelled_out_and_is_marked",
    ),
    _property(
        "P17",
        "A student's process has copies: what it changes there changes nothing that an answer is compared "
        "with. Each test has a fresh process.",
        _CORPUS,  # lies/changes_its_arguments, monkeypatching/hides_the_change
        "tests/judge/test_limits.py::test_nothing_of_one_child_reaches_the_next",
        "tests/judge/test_student.py::test_changed_arguments",
        "tests/judge/test_child.py::test_lying_about_arguments",
    ),
    _property(
        "P18",
        "Right answers in unusual clothes earn full marks; what cannot be right says what to change.",
        "tests/honest/test_honest.py::test_honest",
        "tests/judge/test_assertions.py::test_close",
    ),
    _property(
        "P19",
        "Every ending has its verdict, and every verdict says whose fault it is.",
        _CORPUS,
        "tests/judge/test_score.py::test_verdicts",
        "tests/report/test_wording.py::test_a_verdict_is_worded_by_whose_fault_it_is",
    ),
    _property(
        "P20",
        "The tests' data follow from a secret of the course: the same in a regrade, unknown to students, "
        "another for another secret. Order and earlier submissions do not matter.",
        "tests/judge/test_seeds.py::test_everything_counts",
        "tests/judge/test_seeds.py::test_reproducible",
        "tests/judge/test_engine.py::test_another_secret_is_other_data",
        "tests/hostile/test_hostile.py::test_neither_order_nor_workers_matter",
        "tests/hostile/test_secrets.py::test_no_secret_is_in_the_memory_of_a_child",
    ),
)
