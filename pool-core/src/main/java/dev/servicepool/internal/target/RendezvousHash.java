package dev.servicepool.internal.target;

import java.util.Comparator;
import java.util.List;

import dev.servicepool.Target;

/**
 * Order of targets by rendezvous hashing. Each target has a hash that depends on its name
 * and on a seed, and on no other target. A target that is added or removed therefore does
 * not change the order of the others.
 * <p>
 * Source: D. Thaler and C. Ravishankar, "A Name-Based Mapping Scheme for Rendezvous",
 * 1996. The hash of the name is FNV-1a, and the finalizer of SplitMix64 mixes it with the
 * seed.
 */
final class RendezvousHash {

	private static final long FNV_OFFSET = 0xcbf29ce484222325L;

	private static final long FNV_PRIME = 0x100000001b3L;

	private final long seed;

	RendezvousHash(long seed) {
		this.seed = seed;
	}

	/** Return targets in the order of their hashes. */
	List<Target> sorted(List<Target> targets) {
		return targets.stream()
			.sorted(Comparator.<Target>comparingLong((target) -> mix(hash(target.name()) ^ this.seed))
				.thenComparing(Target::name))
			.toList();
	}

	/** Return the hash of a text. */
	static long hash(String text) {
		long hash = FNV_OFFSET;
		for (int index = 0; index < text.length(); index++) {
			hash = (hash ^ text.charAt(index)) * FNV_PRIME;
		}
		return mix(hash);
	}

	private static long mix(long bits) {
		long mixed = (bits ^ (bits >>> 30)) * 0xbf58476d1ce4e5b9L;
		mixed = (mixed ^ (mixed >>> 27)) * 0x94d049bb133111ebL;
		return mixed ^ (mixed >>> 31);
	}

}
