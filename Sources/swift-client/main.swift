import SwiftEngine
import Programs

clientProgram(SwiftEngine.self)
