import CProcess

/// The calling thread's table of descriptors.
public enum DescriptorTable {
    /// Gives the calling thread a table of its own, in which only standard input, output and error are left: what it
    /// opens from now on slows no start of a process down, which copies and closes the descriptors of its own thread.
    ///
    /// If the kernel refuses, descriptors are shared as ever.
    public static func separate() { _ = cprocess_separate_descriptors() }
}
