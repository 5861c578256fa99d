/// A fixed number of plain values at one place in memory, owned by one holder.
///
/// Event loops touch a few values of many arrays per event: the checks of `Array` (unique owner, bounds) would cost
/// more than the events. Bounds are checked in debug builds.
struct HeapArray<Element: BitwiseCopyable & Sendable>: ~Copyable, @unchecked Sendable {
  let count: Int
  private let base: UnsafeMutablePointer<Element>

  init(repeating value: Element, count: Int) {
    self.count = count
    base = .allocate(capacity: max(1, count))
    base.initialize(repeating: value, count: count)
  }

  init(_ values: [Element]) {
    count = values.count
    base = .allocate(capacity: max(1, count))
    for (index, value) in values.enumerated() { base[index] = value }
  }

  deinit { base.deallocate() }

  subscript(_ index: Int) -> Element {
    get {
      assert(index >= 0 && index < count, "index \(index) of \(count)")
      return base[index]
    }
    set {
      assert(index >= 0 && index < count, "index \(index) of \(count)")
      base[index] = newValue
    }
  }
}
