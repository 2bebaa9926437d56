package dev.sallyport.domain.ladder;

/** Which end of a call we are. */
public enum Role {
  /** Knows an id and calls it. */
  CALLER,
  /** Owns the id and answers. */
  SERVICE
}
