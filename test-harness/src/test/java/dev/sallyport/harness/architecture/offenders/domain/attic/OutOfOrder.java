package dev.sallyport.harness.architecture.offenders.domain.attic;

public final class OutOfOrder {
  private OutOfOrder() {}
}
