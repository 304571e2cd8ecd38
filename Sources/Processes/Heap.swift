import CProcess

/// Has all threads of this process allocate from one heap: less memory where many threads do little, slower where they
/// do much. To be called before there are others.
public func shareHeap() {
    cprocess_share_heap()
}

/// How many bytes of this process's heaps are allocated and not freed; 0 where a sanitizer has taken malloc over.
public func heapInUse() -> Int {
    cprocess_heap_in_use()
}
