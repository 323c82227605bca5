"""Public tests of polysemy: small cases to try your code on. They carry no points."""

import numpy as np

# The worked example of the handout: "apple" as a fruit and as a company.
FRUIT_AND_COMPANY = np.array([[1.0, 0.0], [0.0, 1.0]])
COUNTS = np.array([8.0, 2.0])


def test_p1_one_vector_for_all_senses(student):
    """Eight fruits and two companies average to (0.8, 0.2), whether by senses or by occurrences."""
    np.testing.assert_allclose(student.superpose(FRUIT_AND_COMPANY, COUNTS), [0.8, 0.2], atol=1e-12)
    token_ids = np.array([5, 1, 5, 5])
    vectors = np.array([[1.0, 0.0], [9.0, 9.0], [0.0, 1.0], [1.0, 0.0]])
    np.testing.assert_allclose(student.static_embedding(token_ids, vectors, 5), [2 / 3, 1 / 3], atol=1e-12)


def test_p2_self_similarity(student):
    """Two orthogonal occurrences have nothing in common."""
    np.testing.assert_allclose(student.self_similarity(FRUIT_AND_COMPANY), 0.0, atol=1e-12)


def test_p3_the_context_decides(student):
    """The worked example: an empty context leaves the prior; two words about business turn it around."""
    nothing = student.sense_posterior(np.zeros((0, 2)), FRUIT_AND_COMPANY, COUNTS, 0.5)
    np.testing.assert_allclose(nothing, [0.8, 0.2], atol=1e-12)

    business = np.array([[0.0, 2.0], [1.0, 2.0]])
    posterior = student.sense_posterior(business, FRUIT_AND_COMPANY, COUNTS, 0.5)
    np.testing.assert_allclose(np.sum(posterior), 1.0, atol=1e-12)
    np.testing.assert_allclose(posterior, [0.166075, 0.833925], atol=1e-6)
    vector = student.contextual_embedding(business, FRUIT_AND_COMPANY, COUNTS, 0.5)
    np.testing.assert_allclose(vector, [0.166075, 0.833925], atol=1e-6)


def test_p4_contextualize(student):
    """The worked example: word 0 attends to itself, to an orthogonal word and to one like itself."""
    X = np.array([[1.0, 0.0], [0.0, 1.0], [1.0, 1.0]])
    H, A = student.contextualize(X, 2)
    np.testing.assert_allclose(A[0], [0.401112, 0.197776, 0.401112], atol=1e-6)
    np.testing.assert_allclose(H[0], [0.802224, 0.598888], atol=1e-6)


def test_p5_centroids(student):
    """The centroid of two points lies between them; a vector gets the id of the closest direction."""
    vectors = np.array([[1.0, 2.0], [3.0, 4.0], [5.0, 0.0]])
    ids, centroids = student.fit_sense_centroids(vectors, np.array([6, 6, 2]))
    np.testing.assert_array_equal(ids, [2, 6])
    np.testing.assert_allclose(centroids, [[5.0, 0.0], [2.0, 3.0]], atol=1e-12)
    predicted = student.predict_senses(np.array([[0.0, 1.0], [8.0, 1.0]]), np.array(ids), np.array(centroids))
    np.testing.assert_array_equal(predicted, [6, 2])
