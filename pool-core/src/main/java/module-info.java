import org.jspecify.annotations.NullMarked;

/**
 * A load-balanced pool of services that finds its own size.
 */
@NullMarked
module dev.servicepool {

	requires static transitive org.jspecify;

	exports dev.servicepool;

	exports dev.servicepool.load;

}
