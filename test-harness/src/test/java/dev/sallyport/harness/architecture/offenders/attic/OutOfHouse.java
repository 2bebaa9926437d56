package dev.sallyport.harness.architecture.offenders.attic;

public final class OutOfHouse {
  private OutOfHouse() {}
}
