package dev.sallyport.dht;

import lbms.plugins.mldht.kad.messages.MessageBase;

/**
 * What comes of a query. A query ends with one {@code Answer}, {@code Refusal} or {@code Silence};
 * a {@code Late} may come before.
 */
sealed interface Reply {
  /**
   * The node answered.
   *
   * @param from the id it gave, at the address we asked
   */
  record Answer(MessageBase message, Contact from, long roundTripMillis) implements Reply {}

  /**
   * The node refused.
   *
   * @param code as in BEP 5 and BEP 44
   */
  record Refusal(int code, String text) implements Reply {
    static final int BAD_TOKEN = 203;
    static final int CAS_MISMATCH = 301;
    static final int OLD_SEQUENCE = 302;

    /** Whether the item moved since we read it. */
    boolean moved() {
      return code == CAS_MISMATCH || code == OLD_SEQUENCE;
    }
  }

  /** The answer takes longer than most; it may still come. */
  record Late() implements Reply {}

  /** No answer will come. */
  record Silence() implements Reply {}
}
