package dev.sallyport.domain.session;

/** Why a service turns a caller down, as it tells the caller. */
public enum RefusalCode {
  /** Unknown code from a newer peer. */
  OTHER(1, "for a reason this version does not know"),
  /** This call already has its connection. */
  ALREADY_CONNECTED(2, "this call is already connected"),
  /** The caller is not on the allow list. */
  NOT_ALLOWED(3, "the service does not allow this caller"),
  /** Too many calls at once. */
  BUSY(4, "the service is busy"),
  /** The proof does not hold: whoever asks does not know the id. */
  BAD_PROOF(5, "the caller could not prove that it knows the id");

  private final int code;
  private final String words;

  RefusalCode(int code, String words) {
    this.code = code;
    this.words = words;
  }

  /** The number on the wire, 1 to 255. */
  public int code() {
    return code;
  }

  /** For people. */
  public String words() {
    return words;
  }

  /** The code with this number; {@link #OTHER} if it is not known here. */
  public static RefusalCode of(int code) {
    for (RefusalCode refusal : values()) {
      if (refusal.code == code) {
        return refusal;
      }
    }
    return OTHER;
  }
}
