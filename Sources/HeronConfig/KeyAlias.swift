/// Another name of a plugin's configuration key, such as one that several schedulers share.
///
/// What it stands for depends on the scheduler or launcher that the cluster uses.
struct KeyAlias: Sendable {
    /// The other name.
    let name: String
    /// The key whose value it sets, unless that is set itself.
    let key: String
    /// The plugin's classes, under their names of today.
    let classes: Set<String>
}
