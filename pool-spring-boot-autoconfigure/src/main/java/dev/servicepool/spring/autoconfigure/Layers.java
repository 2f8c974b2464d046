package dev.servicepool.spring.autoconfigure;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.Function;

import org.jspecify.annotations.Nullable;

/**
 * Properties of one pool, in layers. If the name of the pool is spelled in several ways,
 * each spelling is a separate layer, ordered by the precedence of the property sources.
 *
 * @param <L> the type of one layer
 * @param lowestFirst the layers, the lowest first
 */
record Layers<L>(List<L> lowestFirst) {

	/**
	 * Return the layers of a pool.
	 * @param pool the name of the pool, in any spelling
	 * @param instances the properties of all pools, by name
	 */
	static <L> Layers<L> of(String pool, Map<String, L> instances) {
		PoolName name = PoolName.of(pool);
		List<L> layers = new ArrayList<>();
		instances.forEach((spelling, instance) -> {
			if (PoolName.of(spelling).equals(name)) {
				// The binder returns the spelling with the highest precedence first.
				layers.add(0, instance);
			}
		});
		return new Layers<>(layers);
	}

	/**
	 * Return the value of the topmost layer that sets a property.
	 * @param property the property of one layer, {@code null} if the layer does not set
	 * it
	 * @return the value, or {@code null} if no layer sets the property
	 */
	<T> @Nullable T topmost(Function<L, @Nullable T> property) {
		T value = null;
		for (L layer : this.lowestFirst) {
			T own = property.apply(layer);
			value = (own != null) ? own : value;
		}
		return value;
	}

	<T> T topmost(Function<L, @Nullable T> property, T defaultValue) {
		T value = topmost(property);
		return (value != null) ? value : defaultValue;
	}

}
