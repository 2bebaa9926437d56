package dev.sallyport.harness.linux;

/**
 * What a wire has done so far. Lateness is how long after its time a packet was written back: what
 * the wire itself adds to the delay asked for.
 *
 * @param carried packets written back
 * @param lost packets lost because loss was asked for
 * @param overflowed packets lost because a queue was full
 */
public record WireReport(
    long carried, long lost, long overflowed, long meanLatenessMicros, long maxLatenessMicros) {}
