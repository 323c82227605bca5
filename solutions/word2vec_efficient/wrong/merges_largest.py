"""The two nodes of the largest counts are merged instead of the smallest."""

import heapq


def _merges(counts):
    heap = [(-count, word) for word, count in enumerate(counts.tolist())]
    heapq.heapify(heap)
    merges = []
    while len(heap) > 1:
        (count, node), (other_count, other) = heapq.heappop(heap), heapq.heappop(heap)
        heapq.heappush(heap, (count + other_count, len(counts) + len(merges)))
        merges.append((node, other))
    return merges
