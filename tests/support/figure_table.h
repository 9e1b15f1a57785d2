// SPDX-License-Identifier: GPL-3.0-or-later
// Measured figures beside those of the design, as a table on the console; knows what is over its limit.
#pragma once

#include <array>
#include <cstdio>
#include <cstdlib>
#include <optional>
#include <string>
#include <thread>

namespace preflab::test {

/// Prints a line for each figure as it comes.
class FigureTable {
public:
    /// Says how busy the machine is: figures by the wall clock mean little when it is.
    FigureTable()
    {
        std::array<double, 3> load{};
        if (::getloadavg(load.data(), 3) < 1) load[0] = -1.0;
        std::printf("Load %.1f on %u processors. \"work\" is processor time of the UI thread.\n", load[0],
                    std::thread::hardware_concurrency());
    }

    /// A heading over the next lines.
    void begin(const char* title) const { std::printf("\n%-66s %12s   %s\n", title, "here", "design"); }

    /// `design` is the figure that the design was made with, in words; above `limit` the line is marked.
    void add(const std::string& what, double value, const char* unit, const char* design = "",
             std::optional<double> limit = std::nullopt)
    {
        const bool isOver = limit && value > *limit;
        m_over += isOver ? 1 : 0;
        std::printf("%-66s %9.2f %-4s  %s", what.c_str(), value, unit, design);
        if (limit) std::printf("%slimit %g%s", *design != '\0' ? "; " : "", *limit, isOver ? "  <-- OVER" : "");
        std::printf("\n");
        std::fflush(stdout);
    }

    /// How many figures are over their limit.
    int over() const { return m_over; }

private:
    int m_over = 0;
};

}  // namespace preflab::test
