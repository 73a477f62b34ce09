import CEngine
import Programs

clientProgram(CEngine.self)
