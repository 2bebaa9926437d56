package dev.sallyport.harness.sim;

import dev.sallyport.harness.model.NetModel;
import dev.sallyport.harness.model.Scheduler;
import dev.sallyport.harness.model.Spot;
import java.net.InetAddress;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

/**
 * What befalls a service that is up and waits. Times count from the start of the call.
 *
 * @param restart how long before it the service's NATs start anew, if they do; what they knew is
 *     gone
 * @param outage when STUN servers are cut off, if they are
 */
record Mishaps(Optional<Duration> restart, Optional<Outage> outage) {
  static final Mishaps NONE = new Mishaps(Optional.empty(), Optional.empty());

  /**
   * Some STUN servers do not answer.
   *
   * @param servers how many of them, the first ones
   * @param before how long before the call it begins
   * @param after how long after the start of the call it ends
   */
  record Outage(int servers, Duration before, Duration after) {}

  static Mishaps restart(Duration before) {
    return new Mishaps(Optional.of(before), Optional.empty());
  }

  Mishaps outage(int servers, Duration before, Duration after) {
    return new Mishaps(restart, Optional.of(new Outage(servers, before, after)));
  }

  void happen(NetModel net, Hosts hosts, Scheduler time, long callAt) {
    restart.ifPresent(
        before ->
            time.at(
                callAt - before.toNanos(),
                () -> {
                  net.restart(Spot.SERVER_NAT);
                  net.restart(Spot.SERVER_CARRIER);
                }));
    outage.ifPresent(
        cut -> {
          List<InetAddress> dark = net.addresses().stun().subList(0, cut.servers);
          time.at(callAt - cut.before.toNanos(), () -> dark.forEach(hosts::cutOff));
          time.at(callAt + cut.after.toNanos(), () -> dark.forEach(hosts::connectAgain));
        });
  }
}
