// SwiftProtobuf's functions, for those who encode and decode the messages.
@_exported import HeronModel
