package dev.sallyport.domain.session;

import org.jspecify.annotations.Nullable;

/**
 * A connection failed while or after it was secured; the reason is for the machines to decide on.
 */
public final class LinkException extends Exception {
  private static final long serialVersionUID = 1L;

  /** What went wrong. */
  public enum Reason {
    /** The deadline passed. */
    TIMED_OUT,
    /** The connection broke or was closed. */
    BROKEN,
    /** The peer is not who it should be: its key is not the pinned one, or its proof is wrong. */
    WRONG_PEER,
    /** The peer speaks something else, or breaks the protocol or its limits. */
    PROTOCOL,
    /** The peer, authenticated, said no; see {@link #refusal}. */
    REFUSED
  }

  private final Reason reason;
  private final int refusal;

  public LinkException(Reason reason, String message) {
    this(reason, 0, message, null);
  }

  public LinkException(Reason reason, String message, Throwable cause) {
    this(reason, 0, message, cause);
  }

  /** A refusal with its code. */
  public static LinkException refused(RefusalCode code) {
    return new LinkException(Reason.REFUSED, code.code(), "refused: " + code.words(), null);
  }

  private LinkException(Reason reason, int refusal, String message, @Nullable Throwable cause) {
    super(message, cause);
    this.reason = reason;
    this.refusal = refusal;
  }

  public Reason reason() {
    return reason;
  }

  /** The refusal, if {@link #reason} is {@code REFUSED}; otherwise null. */
  public @Nullable RefusalCode refusal() {
    return refusal == 0 ? null : RefusalCode.of(refusal);
  }
}
