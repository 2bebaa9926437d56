/**
 * The rendezvous {@code file:}: a folder that both peers can write to, shared by NFS or SMB, kept
 * in step by Syncthing, bound into containers, or carried on a stick.
 *
 * <p>One file for each item, written under another name and renamed, so that nobody reads half a
 * file. No two contents share a name: copies of the folder merge without a conflict. Whatever does
 * not look like this, or is no regular file, is left alone and not opened.
 *
 * <pre>{@code
 * NAME   topic "." expires "." digest "." kind
 *   topic (64 hex digits), expires in milliseconds since the epoch (12 hex digits), digest: the first 16
 *   bytes of the item's SHA-256 (32 hex digits), kind "record" or "knock"; while it is being written with
 *   "." and 16 random hex digits and ".part" behind it
 *
 * FILE   "sallyport" (9), version 1 (1), kind (1; 1 record, 2 knock), sequence (8; 0 for a knock),
 *        expires (6), length (2), item (1 to 996),
 *        Ed25519 signature (64) by the topic's key over "sallyport/1 file", a zero byte and all before it
 * }</pre>
 *
 * <p>Numbers are big-endian. Only who has the slot's seed can make a file that is read. Whoever can
 * write to the folder can delete what is in it: that a folder cannot prevent.
 */
@NullMarked
package dev.sallyport.net.file;

import org.jspecify.annotations.NullMarked;
