package dev.sallyport.harness.tun;

import dev.sallyport.harness.fabric.Network;
import dev.sallyport.harness.linux.Tally;
import dev.sallyport.harness.model.NetObserver;
import dev.sallyport.harness.model.Spot;
import dev.sallyport.harness.natbox.Verdict;
import dev.sallyport.harness.packet.Packet;
import dev.sallyport.harness.packet.PacketTap;

/**
 * Tells what leaves the outermost NAT of one site for the middle and reaches that of another one,
 * and counts what is lost.
 */
record SynWatch(PacketTap tap, Tally tally) implements NetObserver {
  @Override
  public void sent(Spot from, Spot to, Packet packet, long leaves, long arrives) {
    if (to == Spot.MIDDLE) {
      tap.left(site(from), packet, leaves);
    } else if (from == Spot.MIDDLE) {
      tap.reached(site(to), packet, arrives);
    }
  }

  @Override
  public void lost(Spot from, Spot to, Packet packet, long leaves) {
    tally.lost();
    if (to == Spot.MIDDLE) {
      tap.left(site(from), packet, leaves);
      tap.lost(site(from), packet);
    } else if (from == Spot.MIDDLE) {
      tap.lost(site(to), packet);
    }
  }

  @Override
  public void judged(Spot at, Verdict verdict, Packet packet, long now) {}

  private static int site(Spot spot) {
    return spot.compareTo(Spot.MIDDLE) < 0 ? Network.CLIENT_SITE : Network.SERVER_SITE;
  }
}
