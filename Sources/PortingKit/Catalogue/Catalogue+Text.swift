extension Catalogue {
  static let text = [
    Rule(
      "Text/ByteClasses", .refused, .line, "Classes of bytes",
      "'0' is no literal of Swift, and isdigit() returns a number: UInt8(ascii:) and a range.",
      functions: "isdigit isalpha isalnum isspace isupper islower isprint ispunct isxdigit toupper tolower",
      words: "isdigit isalpha isalnum isspace isupper islower isprint ispunct isxdigit"),
    Rule(
      "Text/CharArray", .refused, .function, "char arrays in structures",
      "Swift imports them as tuples, without subscript and count.", words: "utsname", constructs: [.charArrayField]),
    Rule(
      "Text/FormatText", .refused, .line, "printf() and its siblings",
      "Variadic functions are not imported: an interpolation, or vsnprintf() with withVaList.",
      functions: "printf fprintf dprintf sprintf snprintf asprintf sscanf fscanf scanf vprintf vfprintf vsprintf "
        + "vsnprintf vasprintf vdprintf"),
    Rule(
      "Text/FormatText", .refused, .function, "A variadic function of your own",
      "It takes an array of any CVarArg in Swift, or a text.", constructs: [.variadicFunction]),
    Rule(
      "Text/ParseNumber", .wrong, .line, "Numbers in text",
      "The end pointer of strtol() points into a temporary copy: UInt16(text) checks the range and the whole text.",
      functions: "strtol strtoul strtoll strtoull atoi atol atoll strtod atof"),
    Rule(
      "Text/ParseNumber", .shim, .line, "strtonum()",
      "It is in libbsd, not in Glibc's module: UInt16(text) and a range.",
      functions: "strtonum"),
    Rule(
      "Text/ReadLines", .refused, .function, "The lines of a file",
      "stdin is a global variable, and fgets() cuts long lines.",
      functions: "fgets getline getdelim fopen fdopen fgetc getc", words: "stdin"),
    Rule(
      "Text/SplitWords", .refused, .function, "Text that is searched and split in place",
      "&line is a temporary copy for one call: split the bytes of the string.",
      functions: "strtok strtok_r strsep strchr strrchr strpbrk strspn strcspn strstr index rindex"),
    Rule(
      "Text/StandardError", .refused, .line, "stderr and stdout",
      "They are global variables, which the Swift 6 language mode refuses: write to the descriptors 1 and 2.",
      words: "stderr stdout"),
    Rule(
      "Text/TerminalMode", .refused, .function, "Terminals",
      "c_cc is a tuple, and the flags have other types.", functions: "tcgetattr tcsetattr cfmakeraw"),
    Rule(
      "Text/TimeText", .refused, .line, "Time as text",
      "gmtime_r() and strftime() take pointers to variables.",
      functions: "strftime gmtime gmtime_r localtime localtime_r ctime ctime_r asctime timegm mktime"),
  ]
}
