package dev.sallyport.domain.session;

import dev.sallyport.domain.address.Endpoint;
import dev.sallyport.domain.identity.AllowList;
import dev.sallyport.domain.identity.Identity;
import dev.sallyport.domain.identity.PublicKey32;
import dev.sallyport.domain.identity.Secret32;
import dev.sallyport.domain.identity.ServiceId;
import dev.sallyport.domain.identity.ServiceName;
import dev.sallyport.domain.ladder.LadderPolicy;
import dev.sallyport.domain.punch.BurstGuard;
import dev.sallyport.domain.punch.PunchPolicy;
import java.util.List;

/**
 * What a service needs to know from the start.
 *
 * @param linkKey the key of this run's TLS certificate
 * @param knockPrivate this run's X25519 private key that knocks are sealed to
 * @param port the port it listens on and punches from
 * @param advertised endpoints the user says others can dial
 * @param allowed whom to let in, to begin with
 * @param guard shared by all calls and services of the process
 */
public record ServeSettings(
    ServiceName name,
    Identity identity,
    PublicKey32 linkKey,
    Secret32 knockPrivate,
    int port,
    List<Endpoint> advertised,
    AllowList allowed,
    LadderPolicy ladder,
    PunchPolicy pace,
    BurstGuard guard) {
  public ServeSettings {
    advertised = List.copyOf(advertised);
  }

  /** The id to hand out. */
  public ServiceId id() {
    return ServiceId.of(name, identity.key());
  }
}
