import CProcess

/// Has all threads of this process allocate from one heap: less memory where many threads do little, slower where they
/// do much. To be called before there are others.
public func shareHeap() {
    cprocess_share_heap()
}
