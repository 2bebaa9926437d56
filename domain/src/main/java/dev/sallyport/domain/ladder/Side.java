package dev.sallyport.domain.ladder;

import dev.sallyport.domain.address.Candidate;
import dev.sallyport.domain.nat.NatProfile;
import java.util.List;

/** What is known of one end of a call: where it may be reached, and what its NATs do. */
public record Side(List<Candidate> candidates, NatProfile profile) {
  public Side {
    candidates = List.copyOf(candidates);
  }
}
