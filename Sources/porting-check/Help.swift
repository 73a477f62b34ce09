/// The help, of which the man page is made, too. Lines of tables have at most 70 characters, so that the man page does
/// not wrap them.
enum Help {
  static let discussion = """
    porting-check reads files of C through clang, as the compiler sees them: after the preprocessor, with all types. It \
    lists what they use that Swift has not, or has in another way, with the page of the porting reference that shows \
    both. It lists only what is in your files and the headers of your project, not in those of the system. Macros are \
    found in the files themselves, and not in headers. Flags for the compiler, such as -Iinclude, stand behind --.

    HOW AN IDIOM FARES
      compiles and is wrong  Swift accepts the C word for word, and the
                             result differs: check these first.
      naive code is refused  The compiler finds each place.
      needs a shim           import Glibc lacks it: a C target, such as
                             CLinux, declares it.
      imports as is          It is the same in Swift.

    EFFORT
      a line each              replace the line
      the function around it   write the function anew
      the design of the program
                               decide for all of the program first

    EXAMPLES
      porting-check server.c
      porting-check *.c -- -Iinclude -DHAVE_CONFIG_H
      porting-check -p build/compile_commands.json --html report.html
      porting-check server.c --json | jq '.idioms[].title'

    EXIT STATUS
      0   All files were read; the report may be empty.
      2   Wrong usage, or clang can't read a file: its words are on
          standard error. The report is about the other files.
    """
}
