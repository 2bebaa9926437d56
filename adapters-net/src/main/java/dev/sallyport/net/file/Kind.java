package dev.sallyport.net.file;

import dev.sallyport.domain.wire.MalformedException;

/** What a file holds. */
enum Kind {
  RECORD(1, "record"),
  KNOCK(2, "knock");

  private final int code;
  private final String suffix;

  Kind(int code, String suffix) {
    this.code = code;
    this.suffix = suffix;
  }

  int code() {
    return code;
  }

  String suffix() {
    return suffix;
  }

  static Kind of(int code) throws MalformedException {
    for (Kind kind : values()) {
      if (kind.code == code) {
        return kind;
      }
    }
    throw new MalformedException("an item of the unknown kind " + code);
  }
}
