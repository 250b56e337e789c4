public import ValueTree

/// The keys of object metadata, made once.
public enum Fields {
  public static let apiVersion = Key("apiVersion")
  public static let kind = Key("kind")
  public static let metadata = Key("metadata")
  public static let spec = Key("spec")
  public static let status = Key("status")
  public static let name = Key("name")
  public static let namespace = Key("namespace")
  public static let uid = Key("uid")
  public static let resourceVersion = Key("resourceVersion")
  public static let generation = Key("generation")
  public static let creationTimestamp = Key("creationTimestamp")
  public static let deletionTimestamp = Key("deletionTimestamp")
  public static let deletionGracePeriodSeconds = Key("deletionGracePeriodSeconds")
  public static let generateName = Key("generateName")
  public static let selfLink = Key("selfLink")
  public static let labels = Key("labels")
  public static let annotations = Key("annotations")
  public static let finalizers = Key("finalizers")
  public static let ownerReferences = Key("ownerReferences")
  public static let controller = Key("controller")
  public static let blockOwnerDeletion = Key("blockOwnerDeletion")

  /// The path of `metadata.generateName`.
  public static let generateNamePath = FieldPath(metadata, generateName)
  /// The path of `metadata.labels`.
  public static let labelsPath = FieldPath(metadata, labels)
  /// The path of `metadata.annotations`.
  public static let annotationsPath = FieldPath(metadata, annotations)
  /// The path of `metadata.finalizers`.
  public static let finalizersPath = FieldPath(metadata, finalizers)
  /// The path of `metadata.ownerReferences`.
  public static let ownerReferencesPath = FieldPath(metadata, ownerReferences)
}
