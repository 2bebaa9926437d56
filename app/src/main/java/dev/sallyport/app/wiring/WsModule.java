package dev.sallyport.app.wiring;

import com.google.inject.AbstractModule;
import dev.sallyport.domain.session.LinkUpgrade;
import dev.sallyport.ws.WebSocketUpgrade;

/** WebSocket links. */
final class WsModule extends AbstractModule {
  @Override
  protected void configure() {
    bind(LinkUpgrade.class).toInstance(new WebSocketUpgrade());
  }
}
