package dev.sallyport.app.runner;

import dev.sallyport.domain.session.LinkListener;

/** What a service does with its callers. */
@FunctionalInterface
public interface ServiceHandler {
  /**
   * A caller's link is up; it starts once this returns.
   *
   * <p>Threading: called on the machine's thread; it must not block.
   *
   * @return what takes this link's messages
   */
  LinkListener connected(Peer peer);
}
