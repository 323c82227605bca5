"""The exact gradient is p R, without the average reward."""


def expected_reward_grad(scores, rewards):
    return scores.softmax(dim=0) * rewards
