package dev.sallyport.net;

import java.time.Duration;

/**
 * What a {@link StunResponder} does for others, at most. A source is an address; see {@link
 * SourceLimit#source}.
 *
 * @param connections TCP connections at a time
 * @param sourceConnections TCP connections of one source at a time
 * @param idle how long a TCP connection may be open without a whole question; longer than the 20 s
 *     between the questions with which a service keeps its mapping, and than the silence after
 *     which {@link LifetimeTests} look for theirs
 * @param sourceQuestions questions a second from one source, over UDP and TCP together
 * @param questions questions a second in all
 * @param dialTime how long a dial-back takes if nobody asks for more
 * @param longestDial how long it takes at most: whoever wants to know whether a NAT holds SYNs back
 *     (RFC 5382 REQ-4) has to wait for more than 6 s
 * @param dials dial-backs at a time
 * @param sourceDials of these, dial-backs to one source: several, for a survey has a few seconds
 *     only, but never two for one connection
 * @param sourceDialsPerMinute dial-backs of one source
 * @param dialsPerMinute dial-backs in all
 */
record ResponderLimits(
    int connections,
    int sourceConnections,
    Duration idle,
    int sourceQuestions,
    int questions,
    Duration dialTime,
    Duration longestDial,
    int dials,
    int sourceDials,
    int sourceDialsPerMinute,
    int dialsPerMinute) {
  static final ResponderLimits USUAL =
      new ResponderLimits(
          512,
          24,
          Duration.ofSeconds(150),
          20,
          2000,
          Duration.ofMillis(2500),
          Duration.ofSeconds(8),
          64,
          8,
          8,
          120);

  private static final double MINUTE = 60;

  /** With a burst of three seconds: a survey asks everything at once. */
  SourceLimit questionLimit() {
    return new SourceLimit(sourceQuestions, 3 * sourceQuestions, questions, questions);
  }

  /** With a burst of a minute's worth: a survey comes all at once and then not for long. */
  SourceLimit dialLimit() {
    return new SourceLimit(
        sourceDialsPerMinute / MINUTE,
        sourceDialsPerMinute,
        dialsPerMinute / MINUTE,
        dialsPerMinute);
  }
}
