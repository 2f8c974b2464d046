package dev.servicepool.spring.autoconfigure;

import org.jspecify.annotations.Nullable;

/**
 * Target that a source has found.
 *
 * @param text the text of the target, which may not be valid
 * @param zone the zone of the target, or {@code null} if it is not known
 */
record FoundTarget(String text, @Nullable String zone) {
}
