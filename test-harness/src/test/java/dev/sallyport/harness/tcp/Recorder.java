package dev.sallyport.harness.tcp;

import java.util.ArrayList;
import java.util.List;

/** Writes down what it is told. */
final class Recorder implements TcpListener {
  final List<String> events = new ArrayList<>();

  @Override
  public void established() {
    events.add("established");
  }

  @Override
  public void failed(ConnectFailure why) {
    events.add("failed " + why);
  }

  @Override
  public void received(Object message) {
    events.add("got " + message);
  }

  @Override
  public void closed(boolean reset) {
    events.add(reset ? "reset" : "closed");
  }
}
