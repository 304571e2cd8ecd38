// One copy of SwiftProtobuf per process: whoever imports HeronModel gets it from libHeronState.so and declares no
// dependency of its own, which would link a second copy with type identities of its own.
@_exported import SwiftProtobuf
