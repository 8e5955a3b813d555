import AgencyModel

/// In how many authorities a worker had an assignment on a day of each assignment. All assignments of a worker are counted
/// together, so that the time does not grow with the number of authorities as well.
///
/// For each authority, the periods without an assignment are recorded. An assignment shares a day with an authority unless it is
/// inside such a period, and it can be inside at most one for each authority.
struct SharingAuthorities {
    /// Indexed by assignment.
    let counts: [Int]

    init(_ parts: [WorkerLoad.Part]) {
        let days = parts.map { (start: Int64($0.start), end: Int64($0.end), authority: $0.facts.authority) }
        // The last day before each period without an assignment, and the first day after it.
        var free: [(after: Int64, before: Int64)] = []
        var authorities = 0
        var (authority, reach): (UInt16?, Int64) = (nil, .min)
        for place in days.indices.sorted(by: { (days[$0].authority, days[$0].start) < (days[$1].authority, days[$1].start) }) {
            let day = days[place]
            if day.authority != authority {
                if authority != nil { free.append((reach, .max)) }
                (authority, reach) = (day.authority, .min)
                authorities += 1
            }
            if day.start > reach { free.append((reach, day.start)) }
            reach = max(reach, day.end)
        }
        free.append((reach, .max))

        free.sort { $0.after < $1.after }
        let ends = free.map(\.before).sorted()
        var noted = CountsBelow(size: ends.count)
        var counts = [Int](repeating: 0, count: days.count)
        var next = 0
        for place in days.indices.sorted(by: { days[$0].start < days[$1].start }) {
            while next < free.count, free[next].after < days[place].start {
                noted.add(ends.partitioningIndex { $0 >= free[next].before })
                next += 1
            }
            let around = next - noted.count(below: ends.partitioningIndex { $0 > days[place].end })
            counts[place] = authorities - around
        }
        self.counts = counts
    }

    /// Counts how many of the numbers added are below another (a Fenwick tree).
    private struct CountsBelow {
        private var sums: [Int]

        init(size: Int) { sums = Array(repeating: 0, count: size + 1) }

        mutating func add(_ number: Int) {
            var place = number + 1
            while place < sums.count {
                sums[place] += 1
                place += place & -place
            }
        }

        func count(below number: Int) -> Int {
            var (place, count) = (number, 0)
            while place > 0 {
                count += sums[place]
                place -= place & -place
            }
            return count
        }
    }
}
