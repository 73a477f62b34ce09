import Testing

/// The suites that run programs. They run one after the other, so that they can count what programs leave behind.
@Suite(.serialized) enum Judge {}
