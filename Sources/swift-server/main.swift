import SwiftEngine
import Programs

serverProgram(SwiftEngine.self)
