"""A merged node keeps the larger count of its children instead of their sum."""

import heapq


def _merges(counts):
    heap = [(count, word) for word, count in enumerate(counts.tolist())]
    heapq.heapify(heap)
    merges = []
    while len(heap) > 1:
        (_, node), (other_count, other) = heapq.heappop(heap), heapq.heappop(heap)
        heapq.heappush(heap, (other_count, len(counts) + len(merges)))
        merges.append((node, other))
    return merges
