/** Something that the person at the command line can mend. Its message is all they see. */
export class Complaint extends Error {
  override readonly name = 'Complaint'
}
