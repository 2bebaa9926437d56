package dev.sallyport.harness.internet;

/**
 * Who calls whom, as positions in the lists of a mix.
 *
 * @param caller of the hosts
 * @param service of the hosts
 * @param roundTrip of the round trips
 * @param seed for all other chance in the call
 */
record CallDraw(int caller, int service, int roundTrip, long seed) {}
