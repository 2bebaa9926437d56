package dev.sallyport.harness.page;

import dev.sallyport.app.drawing.PacketLadder;
import java.util.List;

/**
 * One run of a pair, drawn, and what happens in it. Immutable.
 *
 * @param sentences what the reader sees in the drawing, in plain words; may be empty
 */
public record Explained(PacketLadder ladder, List<String> sentences) {
  public Explained {
    sentences = List.copyOf(sentences);
  }
}
