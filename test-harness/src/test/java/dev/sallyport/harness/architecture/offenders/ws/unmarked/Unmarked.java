package dev.sallyport.harness.architecture.offenders.ws.unmarked;

public final class Unmarked {
  private Unmarked() {}
}
