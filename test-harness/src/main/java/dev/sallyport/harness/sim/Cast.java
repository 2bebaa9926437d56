package dev.sallyport.harness.sim;

import dev.sallyport.domain.address.Endpoint;
import dev.sallyport.domain.identity.AllowList;
import dev.sallyport.domain.identity.Identity;
import dev.sallyport.domain.identity.PublicKey32;
import dev.sallyport.domain.identity.Sealer;
import dev.sallyport.domain.identity.Secret32;
import dev.sallyport.domain.identity.ServiceId;
import dev.sallyport.domain.identity.ServiceName;
import dev.sallyport.domain.ladder.LadderPolicy;
import dev.sallyport.domain.punch.BurstGuard;
import dev.sallyport.domain.punch.PunchPolicy;
import dev.sallyport.domain.session.CallSettings;
import dev.sallyport.domain.session.ServeSettings;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;

/** The one service and the one caller of every trial, and who else calls. */
final class Cast {
  static final Sealer SEALER = new SimSealer();
  static final int SERVICE_PORT = 8765;

  /** As production has them: three, picked by the kernel. */
  static final List<Integer> CALLER_PORTS = List.of(40_001, 40_003, 40_005);

  static final Identity CALLER = Identity.fromSeed(secret(2), SEALER);

  private static final Identity SERVICE = Identity.fromSeed(secret(1), SEALER);
  private static final ServiceId ID = ServiceId.of(ServiceName.DEFAULT, SERVICE.key());

  private static final int FIRST_OTHER = 10;

  private Cast() {}

  /** Who calls besides; each number is somebody else. */
  static Identity anotherCaller(int number) {
    return Identity.fromSeed(secret(FIRST_OTHER + number), SEALER);
  }

  static CallSettings call(Identity caller, Duration timeout) {
    return new CallSettings(
        ID,
        caller,
        CALLER_PORTS,
        LadderPolicy.DEFAULT,
        PunchPolicy.DEFAULT,
        new BurstGuard(),
        timeout);
  }

  /** The service in its first run. */
  static ServeSettings serve(int port, List<Endpoint> advertised) {
    return serve(port, advertised, 0);
  }

  /**
   * One run of the service.
   *
   * @param run 0 or 1; each has keys of its own
   */
  static ServeSettings serve(int port, List<Endpoint> advertised, int run) {
    return new ServeSettings(
        ServiceName.DEFAULT,
        SERVICE,
        PublicKey32.of(secret(4 + 2 * run).toByteArray()),
        secret(3 + 2 * run),
        port,
        advertised,
        AllowList.EVERYBODY,
        LadderPolicy.DEFAULT,
        PunchPolicy.DEFAULT,
        new BurstGuard());
  }

  private static Secret32 secret(int fill) {
    byte[] raw = new byte[Secret32.LENGTH];
    Arrays.fill(raw, (byte) fill);
    return Secret32.of(raw);
  }
}
