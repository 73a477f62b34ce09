/// The topics of the idioms: each one is a folder of C files, of Swift files, of naive translations and of pages.
enum Topic: String, CaseIterable {
  case addresses = "Addresses"
}
