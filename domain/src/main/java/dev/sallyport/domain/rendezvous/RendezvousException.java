package dev.sallyport.domain.rendezvous;

/** A rendezvous could not do what it was asked; what arrives in a failed stage. */
public final class RendezvousException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  /** Why. */
  public enum Reason {
    /** Nobody answers: the message says who was tried. */
    UNREACHABLE,
    /** It answers, but did not take what we sent. */
    REJECTED,
    /** The mailbox holds as many knocks as it can: try again after a while. */
    FULL,
    /** It was closed meanwhile. */
    CLOSED
  }

  private final Reason reason;

  public RendezvousException(Reason reason, String message) {
    super(message);
    this.reason = reason;
  }

  public Reason reason() {
    return reason;
  }
}
