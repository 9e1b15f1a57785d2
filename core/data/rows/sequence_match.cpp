// SPDX-License-Identifier: GPL-3.0-or-later
// E. Myers, "An O(ND) Difference Algorithm and Its Variations", 1986, section 4b: searching from both ends at once for
// the middle of a shortest path, then doing the same on both sides of it.
#include "core/data/rows/sequence_match.h"

#include <algorithm>
#include <cstddef>

namespace preflab {
namespace {

using Ids = std::span<const std::uint32_t>;

/// Differences after which the path that came farthest is taken, so that the time grows with the length only.
constexpr std::ptrdiff_t kMaxDifferences = 1000;
constexpr std::ptrdiff_t kNone = -1;

/// A point that both halves of the remaining work meet in.
struct Middle {
    std::ptrdiff_t left = 0;
    std::ptrdiff_t right = 0;
};

/// Farthest points on the diagonals (left - right) of one search direction.
class Frontier {
public:
    /// `isReversed`: both sequences are read from their ends.
    Frontier(Ids left, Ids right, bool isReversed)
        : m_left(left), m_right(right), m_isReversed(isReversed), m_size(static_cast<std::ptrdiff_t>(left.size())),
          m_other(static_cast<std::ptrdiff_t>(right.size())),
          m_farthest(static_cast<std::size_t>(2 * std::min(m_size + m_other, kMaxDifferences + 2) + 5), kNone)
    {
    }

    /// How far one comes on `diagonal` with `differences`; kNone if there is no way.
    std::ptrdiff_t advance(std::ptrdiff_t diagonal, std::ptrdiff_t differences)
    {
        std::ptrdiff_t at = kNone;
        if (differences == 0) {
            at = 0;
        } else {
            const std::ptrdiff_t below = farthest(diagonal - 1);
            const std::ptrdiff_t above = farthest(diagonal + 1);
            if (below != kNone && below < m_size) at = below + 1;
            if (above != kNone && above - diagonal <= m_other) at = std::max(at, above);
        }
        if (at != kNone) {
            while (at < m_size && at - diagonal < m_other && isSame(at, at - diagonal)) ++at;
        }
        slot(diagonal) = at;
        return at;
    }

    std::ptrdiff_t farthest(std::ptrdiff_t diagonal) const
    {
        const std::ptrdiff_t index = diagonal + offset();
        const bool isInside = index >= 0 && index < static_cast<std::ptrdiff_t>(m_farthest.size());
        return isInside ? m_farthest[static_cast<std::size_t>(index)] : kNone;
    }

private:
    std::ptrdiff_t offset() const { return static_cast<std::ptrdiff_t>(m_farthest.size()) / 2; }
    std::ptrdiff_t& slot(std::ptrdiff_t diagonal) { return m_farthest[static_cast<std::size_t>(diagonal + offset())]; }
    bool isSame(std::ptrdiff_t left, std::ptrdiff_t right) const
    {
        const auto l = static_cast<std::size_t>(m_isReversed ? m_size - 1 - left : left);
        const auto r = static_cast<std::size_t>(m_isReversed ? m_other - 1 - right : right);
        return m_left[l] == m_right[r];
    }

    Ids m_left;
    Ids m_right;
    bool m_isReversed;
    std::ptrdiff_t m_size;
    std::ptrdiff_t m_other;
    std::vector<std::ptrdiff_t> m_farthest;
};

/// The point that came farthest of all, when the search is given up.
Middle farthestPoint(const Frontier& forward, std::ptrdiff_t differences)
{
    Middle best;
    for (std::ptrdiff_t diagonal = -differences; diagonal <= differences; ++diagonal) {
        const std::ptrdiff_t at = forward.farthest(diagonal);
        if (at != kNone && 2 * at - diagonal > best.left + best.right) best = {at, at - diagonal};
    }
    return best;
}

/// A point on a shortest path from the beginning of both sequences to their ends; neither is empty.
Middle middleOf(Ids left, Ids right)
{
    const auto size = static_cast<std::ptrdiff_t>(left.size());
    const auto other = static_cast<std::ptrdiff_t>(right.size());
    const std::ptrdiff_t delta = size - other;
    const bool isOdd = delta % 2 != 0;
    Frontier forward(left, right, false);
    Frontier backward(left, right, true);
    for (std::ptrdiff_t differences = 0; differences <= kMaxDifferences; ++differences) {
        for (std::ptrdiff_t k = -differences; k <= differences; k += 2) {
            const std::ptrdiff_t at = forward.advance(k, differences);
            const std::ptrdiff_t meeting = isOdd && at != kNone ? backward.farthest(delta - k) : kNone;
            if (meeting != kNone && at + meeting >= size) return {at, at - k};
        }
        for (std::ptrdiff_t k = -differences; k <= differences; k += 2) {
            const std::ptrdiff_t at = backward.advance(k, differences);
            const std::ptrdiff_t meeting = !isOdd && at != kNone ? forward.farthest(delta - k) : kNone;
            if (meeting != kNone && at + meeting >= size) return {size - at, other - (at - k)};
        }
    }
    return farthestPoint(forward, kMaxDifferences);
}

class Matcher {
public:
    Matcher(Ids left, Ids right) : m_left(left), m_right(right) {}

    /// Appends the matches of left[lb, le) and right[rb, re).
    void match(std::size_t lb, std::size_t le, std::size_t rb, std::size_t re)
    {
        while (lb < le && rb < re && m_left[lb] == m_right[rb]) add(lb++, rb++);
        std::size_t same = 0;
        while (lb + same < le && rb + same < re && m_left[le - 1 - same] == m_right[re - 1 - same]) ++same;
        if (lb + same < le && rb + same < re) matchMiddle(lb, le - same, rb, re - same);
        for (; same > 0; --same) add(le - same, re - same);
    }

    std::vector<std::pair<std::uint32_t, std::uint32_t>> take() { return std::move(m_matches); }

private:
    void add(std::size_t left, std::size_t right)
    {
        m_matches.emplace_back(static_cast<std::uint32_t>(left), static_cast<std::uint32_t>(right));
    }

    void matchMiddle(std::size_t lb, std::size_t le, std::size_t rb, std::size_t re)
    {
        const Middle middle = middleOf(m_left.subspan(lb, le - lb), m_right.subspan(rb, re - rb));
        const std::size_t l = lb + static_cast<std::size_t>(middle.left);
        const std::size_t r = rb + static_cast<std::size_t>(middle.right);
        // At a corner nothing is left that is equal.
        if ((l == lb && r == rb) || (l == le && r == re)) return;
        match(lb, l, rb, r);
        match(l, le, r, re);
    }

    Ids m_left;
    Ids m_right;
    std::vector<std::pair<std::uint32_t, std::uint32_t>> m_matches;
};

}  // namespace

std::vector<std::pair<std::uint32_t, std::uint32_t>> matchSequences(std::span<const std::uint32_t> left,
                                                                    std::span<const std::uint32_t> right)
{
    Matcher matcher(left, right);
    matcher.match(0, left.size(), 0, right.size());
    return matcher.take();
}

}  // namespace preflab
