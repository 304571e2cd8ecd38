/// What a caller of the controller wants changed.
struct ControlRequest: Sendable {
    enum Command: Sendable, Hashable {
        case activate
        case deactivate
        /// Entries of the form `[component:]key:value`.
        case updateRuntimeConfig([String])
    }

    /// Ties the answer to the caller.
    let id: Int
    let command: Command
}

/// What a caller of the controller is told: an HTTP status and Heron's text for it.
struct ControlAnswer: Error, Hashable, Sendable {
    let code: Int
    let text: String
    /// What the text does not say; goes into the page, while the text alone is the reason phrase.
    let detail: String

    init(_ code: Int, _ text: String, detail: String = "") {
        self.code = code
        self.text = text
        self.detail = detail
    }

    static let notInitialized = ControlAnswer(
        500,
        "Tmanager still not initialized (physical plan is not available)"
    )
}
