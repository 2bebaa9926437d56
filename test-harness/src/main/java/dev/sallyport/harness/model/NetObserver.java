package dev.sallyport.harness.model;

import dev.sallyport.harness.natbox.Verdict;
import dev.sallyport.harness.packet.Packet;

/** Sees everything that packets go through. Called by the network's one thread; return soon. */
public interface NetObserver {
  /** Sees nothing. */
  NetObserver NONE =
      new NetObserver() {
        @Override
        public void sent(Spot from, Spot to, Packet packet, long leaves, long arrives) {}

        @Override
        public void lost(Spot from, Spot to, Packet packet, long leaves) {}

        @Override
        public void judged(Spot at, Verdict verdict, Packet packet, long now) {}
      };

  /** A packet leaves one spot and will arrive at the next. Times in nanoseconds. */
  void sent(Spot from, Spot to, Packet packet, long leaves, long arrives);

  /** A packet leaves and will never arrive: the line loses it. */
  void lost(Spot from, Spot to, Packet packet, long leaves);

  /** A NAT has decided what to do with a packet. */
  void judged(Spot at, Verdict verdict, Packet packet, long now);
}
